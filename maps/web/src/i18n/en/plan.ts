import type { plan as zh } from "../zh/plan";

/** Words of plans, in English. */
export const plan: Record<keyof typeof zh, string> = {
  "rail.plan": "Plan",
  "plan.title": "Plans",
  "plan.create": "New draft",
  "plan.open": "Open a plan",
  "plan.close": "Close the plan",
  "plan.name": "Name",
  "plan.scope": "Area",
  "plan.state.draft": "draft",
  "plan.state.submitted": "submitted",
  "plan.state.published": "published",
  "plan.state.withdrawn": "withdrawn",
  "plan.revision": "revision {n}",
  "plan.tools": "Tools",
  "plan.undo": "Undo",
  "plan.redo": "Redo",
  "plan.editors": "{n} editing",
  "plan.preview": "Preview",
  "plan.apply": "Apply",
  "plan.fix": "Show what would work",
  "plan.new": "new",
  "plan.removed": "is no grid of its own any more",
  "plan.area": "Area km²",
};
