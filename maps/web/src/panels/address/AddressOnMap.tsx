/** The answer on the map: the house that was found, or the candidates by their numbers. */
import { useEffect, useRef } from "react";
import { showAnswer, showCandidate, useAddress, useAnswer } from "../../app/address";
import { theMap } from "../../app/mapHolder";
import { type AddressSigns, createAddressSigns } from "../../map/addressSigns";

/** The question whose answer has moved the map; opening the panel again does not. */
let moved = 0;

export default function AddressOnMap() {
  const { asked, focus, query } = useAddress((state) => ({
    asked: state.asked,
    focus: state.focus,
    query: state.query,
  }));
  const { data } = useAnswer();
  const answer = query === "" ? undefined : data;
  const signs = useRef<AddressSigns | null>(null);

  useEffect(() => {
    const map = theMap();
    if (!map) return;
    const made = createAddressSigns(map);
    signs.current = made;
    return () => {
      signs.current = null;
      made.clear();
    };
  }, []);

  useEffect(() => {
    signs.current?.clear();
    if (!answer) return;
    if (answer.status === "ok" && answer.point) {
      signs.current?.showFound(answer.point, answer.matched_address ?? "");
    } else if (answer.status === "ambiguous") {
      const placed = answer.candidates.flatMap(({ point, matched_address: label }, index) =>
        point ? [{ index, point, label }] : [],
      );
      signs.current?.showCandidates(placed, focus, (index) => {
        const candidate = answer.candidates[index];
        if (candidate) showCandidate(candidate, index);
      });
    }
  }, [answer, focus]);

  useEffect(() => {
    if (!answer || moved === asked) return;
    moved = asked;
    showAnswer(answer);
  }, [answer, asked]);
  return null;
}
