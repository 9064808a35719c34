/** Where an address is, or may be: a pin, or numbered signs that can be pressed. */
import Overlay from "ol/Overlay";
import { fromLonLat } from "ol/proj";
import type { Point } from "../api/types";
import type { WanggeMap } from "./map";

export interface AddressSign {
  /** Its number in the list. */
  index: number;
  point: Point;
  label: string;
}

export function createAddressSigns({ ol }: WanggeMap) {
  let shown: Overlay[] = [];

  function put(element: HTMLElement, point: Point): void {
    const sign = new Overlay({
      element,
      positioning: "bottom-center",
      stopEvent: true,
      insertFirst: false,
    });
    sign.setPosition(fromLonLat(point));
    ol.addOverlay(sign);
    shown.push(sign);
  }

  function clear(): void {
    for (const sign of shown) ol.removeOverlay(sign);
    shown = [];
  }

  return {
    /** Numbered signs, the one in focus above the others. */
    showCandidates(
      signs: readonly AddressSign[],
      focus: number | null,
      onPress: (index: number) => void,
    ): void {
      clear();
      for (const { index, point, label } of signs) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "address-sign";
        button.textContent = String(index + 1);
        button.title = label;
        button.setAttribute("aria-label", `${index + 1} ${label}`);
        button.setAttribute("aria-pressed", String(index === focus));
        button.addEventListener("click", () => onPress(index));
        put(button, point);
      }
    },

    showFound(point: Point, label: string): void {
      clear();
      const pin = document.createElement("div");
      pin.className = "address-pin";
      pin.setAttribute("role", "img");
      pin.setAttribute("aria-label", label);
      put(pin, point);
    },

    clear,
  };
}

export type AddressSigns = ReturnType<typeof createAddressSigns>;
