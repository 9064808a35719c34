/** Old codes and new ones of the village that is to be numbered anew. */
import { usePlan, useT } from "../../../app/hooks";
import { newCodes } from "../../../plan/numbering";
import { Hint } from "../../parts";
import { useVillageGrids } from "./villageGrids";

export function RenumberOptions() {
  const t = useT();
  const preview = usePlan((state) => state.preview);
  const edit = preview?.edit.type === "renumber" ? preview.edit : null;
  const grids = useVillageGrids(edit?.village ?? null);
  if (!preview || !edit || !grids) return <Hint>{t("renumber.note")}</Hint>;
  return (
    <>
      <Hint>{t("renumber.village", { village: edit.village })}</Hint>
      <table className="new-codes figures">
        <thead>
          <tr>
            <th scope="col">{t("renumber.before")}</th>
            <th scope="col">{t("renumber.after")}</th>
            <th scope="col">{t("attributes.name")}</th>
          </tr>
        </thead>
        <tbody>
          {newCodes(grids, preview.answer.changed).map(({ before, after, name }) => (
            <tr key={before}>
              <td>{before.slice(-3)}</td>
              <td>
                <strong>{after.slice(-3)}</strong>
              </td>
              <td>{name}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
