/** Requests to our own server, and the one error every caller sees. */

/** What went wrong, in both languages; `status` 0 means the server could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly key: string,
    readonly messageEn: string,
    readonly messageZh: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(messageEn);
  }

  /** The server, or its database, is away: worth trying again. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }

  sentence(language: "zh" | "en"): string {
    return language === "zh" ? this.messageZh : this.messageEn;
  }
}

type Listener = (reachable: boolean) => void;
const listeners = new Set<Listener>();

/** Be told after every request whether the server answered; returns the way to stop. */
export function watchServer(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Report an outage or a recovery seen elsewhere (tiles load on their own path). */
export function reportServer(reachable: boolean): void {
  for (const listener of listeners) listener(reachable);
}

function unreachable(): ApiError {
  return new ApiError(0, "server_unreachable", "The server does not answer.", "服务器没有响应。");
}

interface ErrorBody {
  key: string;
  message: string;
  message_zh: string;
  details: Record<string, unknown>;
}

async function failure(response: Response): Promise<ApiError> {
  try {
    const body: unknown = await response.json();
    const error = (body as { error?: Partial<ErrorBody> }).error;
    if (error && typeof error.key === "string") {
      return new ApiError(
        response.status,
        error.key,
        error.message ?? error.key,
        error.message_zh ?? error.message ?? error.key,
        error.details ?? {},
      );
    }
  } catch {
    // Not our JSON: a proxy's page, say. The status is all there is to tell.
  }
  return new ApiError(
    response.status,
    "http_error",
    `The server answered with status ${response.status}.`,
    `服务器返回状态 ${response.status}。`,
  );
}

async function send(path: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    reportServer(false);
    throw unreachable();
  }
  if (!response.ok) {
    const error = await failure(response);
    reportServer(!error.isOutage);
    throw error;
  }
  reportServer(true);
  return response;
}

/** Query string of the values that are set. */
export function query(
  values: Record<string, string | number | boolean | null | undefined>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send(path, { signal: signal ?? null })).json() as Promise<T>;
}

/** What a write says besides its body: `seen` is the revision it was made for (`If-Match`). */
export interface WriteOptions {
  seen?: number;
  signal?: AbortSignal;
}

function writing(method: string, body: unknown, { seen, signal }: WriteOptions): RequestInit {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (seen !== undefined) headers["If-Match"] = `"${seen}"`;
  return {
    method,
    headers,
    signal: signal ?? null,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

export async function postJson<T>(
  path: string,
  body?: unknown,
  options: WriteOptions = {},
): Promise<T> {
  return (await send(path, writing("POST", body, options))).json() as Promise<T>;
}

/** A write that answers nothing. */
export async function post(path: string, body: unknown): Promise<void> {
  await send(path, writing("POST", body, {}));
}

export async function patchJson<T>(
  path: string,
  body: unknown,
  options: WriteOptions = {},
): Promise<T> {
  return (await send(path, writing("PATCH", body, options))).json() as Promise<T>;
}

export async function postForm<T>(path: string, form: FormData): Promise<T> {
  return (await send(path, { method: "POST", body: form })).json() as Promise<T>;
}

export async function deleteJson<T>(path: string): Promise<T> {
  return (await send(path, { method: "DELETE" })).json() as Promise<T>;
}

export async function remove(path: string): Promise<void> {
  await send(path, { method: "DELETE" });
}
