/** Whether a key was pressed on something of the page that it belongs to: a button beside the tools. */
export function isPressing(event: KeyboardEvent): boolean {
  const pressed = (event.target as HTMLElement | null)?.closest?.("button, a, [role=row]");
  return Boolean(pressed && !pressed.closest(".tools, .tool-options"));
}
