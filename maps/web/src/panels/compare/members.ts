/** Who is in the joint villages that differ, who came and who left, by their names. */
import type { Difference, JointChange } from "../../api/difference";
import { spacedCode } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";

export type Joined = Pick<Difference, "joint_villages" | "villages">;

export interface MemberChange {
  joint: JointChange;
  members: string;
  came: string;
  left: string;
  /** The name it had, where that was another. */
  was: string;
}

export function memberChanges(t: Translate, { joint_villages, villages }: Joined): MemberChange[] {
  const names = new Map(villages.map(({ code, name }) => [code, name]));
  const nameOf = (codes: readonly string[]) =>
    codes.map((code) => names.get(code) || spacedCode(code)).join(t("compare.joint.and"));
  return joint_villages.map((joint) => {
    const { change, name, members, before } = joint;
    const then = change === "changed" && before ? before.members : members;
    return {
      joint,
      members: nameOf(members),
      came: nameOf(members.filter((one) => !then.includes(one))),
      left: nameOf(then.filter((one) => !members.includes(one))),
      was: before && before.name !== name ? before.name : "",
    };
  });
}

/** What a file or a sheet says of the members, in one cell. */
export function membersInWords(t: Translate, { members, came, left }: MemberChange): string {
  return [
    members,
    came && t("compare.joint.came", { names: came }),
    left && t("compare.joint.left", { names: left }),
  ]
    .filter(Boolean)
    .join(t("compare.joint.then"));
}
