/** Comments on places of a plan: possible in every state, without a revision. */
import { getJson, patchJson, postJson } from "./client";
import type { Point } from "./types";

export interface PlanComment {
  id: number;
  text: string;
  point: Point;
  author: string;
  made_at: string;
  resolved: boolean;
  resolved_by: string | null;
  resolved_at: string | null;
}

const path = (plan: string, rest = "") => `/api/plans/${encodeURIComponent(plan)}/comments${rest}`;

export const fetchComments = (plan: string) =>
  getJson<{ comments: PlanComment[] }>(path(plan)).then(({ comments }) => comments);
export const postComment = (plan: string, text: string, point: Point) =>
  postJson<PlanComment>(path(plan), { text, point });
export const settleComment = (plan: string, id: number, resolved: boolean) =>
  patchJson<PlanComment>(path(plan, `/${id}`), { resolved });
