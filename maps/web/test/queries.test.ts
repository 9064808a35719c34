import { QueryObserver } from "@tanstack/react-query";
import { afterEach, describe, expect, it } from "vitest";
import { freshen, queries } from "../src/app/queries";

/** A list that is read while it is shown; each read is answered by hand. */
function shownList() {
  const answers: ((plans: string[]) => void)[] = [];
  const observer = new QueryObserver<string[]>(queries, {
    queryKey: ["plans"],
    queryFn: () => new Promise((resolve) => answers.push(resolve)),
  });
  const stop = observer.subscribe(() => undefined);
  return { answers, stop, now: () => observer.getCurrentResult().data };
}

const turn = () => new Promise((done) => setTimeout(done));

describe("freshen", () => {
  afterEach(() => queries.clear());

  it("reads once more what is being read for the first time", async () => {
    const { answers, stop, now } = shownList();
    const fresh = freshen({ queryKey: ["plans"] });
    answers[0]?.([]); // from before the plan was made
    await turn();
    answers[1]?.(["made meanwhile"]);
    await fresh;
    expect(now()).toEqual(["made meanwhile"]);
    stop();
  });

  it("reads what is there already once", async () => {
    const { answers, stop, now } = shownList();
    answers[0]?.(["old"]);
    await turn();
    const fresh = freshen({ queryKey: ["plans"] });
    answers[1]?.(["new"]);
    await fresh;
    expect(now()).toEqual(["new"]);
    expect(answers).toHaveLength(2);
    stop();
  });
});
