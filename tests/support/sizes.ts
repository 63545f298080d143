/**
 * How much a run tests. `core`: the main job, the protection of stored and acknowledged lines, and one case of each
 * feature; at most 15 minutes. `full`: everything.
 */
export type Size = "core" | "full";

type Test = (this: Mocha.Context) => Promise<void>;

let chosen: Size = "core";
let takesAll = false;
let leftOut = 0;

/**
 * Sets the size of this run, before any test is loaded. With `takeAll` a core run also includes the tests of the full
 * run.
 */
export function useSize(size: Size, takeAll: boolean): void {
  chosen = size;
  takesAll = takeAll || size === "full";
}

/** Tests that this run left out because of its size. */
export function testsLeftOut(): number {
  return leftOut;
}

/** A test of every run. */
export function core(title: string, test: Test): void {
  it(title, test);
}

/**
 * A test of the full run only.
 * @param why it is not core: what it costs, and what guards the same thing in a core run
 */
export function full(why: string, title: string, test: Test): void {
  if (why.trim() === "") throw new Error(`"${title}" is not core: say why`);
  if (takesAll) it(title, test);
  else leftOut += 1;
}

/** A figure of a test that is smaller in a core run. */
export function bySize<T>(figures: Record<Size, T>): T {
  return figures[chosen];
}
