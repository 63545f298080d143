import assert from "node:assert/strict";
import { barOf, ProgressBar } from "../../../cli/progressBar";

describe("a progress bar", () => {
  it("shows the share", () => {
    assert.equal(barOf(0, "0 lines"), `[${".".repeat(24)}]   0%  0 lines`);
    assert.equal(barOf(0.5, "12 lines"), `[${"#".repeat(12)}${".".repeat(12)}]  50%  12 lines`);
    assert.equal(barOf(1, "x"), `[${"#".repeat(24)}] 100%  x`);
  });

  it("draws on a terminal once work takes long, within its width, and removes itself; elsewhere never", () => {
    const drawn = (isTTY: boolean, waits: number): string => {
      let text = "";
      const realNow = Date.now;
      const bar = new ProgressBar({ isTTY, columns: 30, write: (more: string) => ((text += more), true) });
      Date.now = () => realNow() + waits;
      try {
        bar.show(0.5, "a text that is longer than the terminal");
        bar.hide();
        bar.hide();
      } finally {
        Date.now = realNow;
      }
      return text;
    };
    assert.equal(drawn(true, 2_000), `\r${barOf(0.5, "a text that is longer").slice(0, 29)}\u001B[K\r\u001B[K`);
    assert.equal(drawn(true, 0), "");
    assert.equal(drawn(false, 2_000), "");
  });
});
