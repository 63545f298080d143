/*
 * A test double of the machine's clock: `node --require` this file, and the process is LOGHARBOR_CLOCK_MINUTES minutes
 * ahead.
 */
const aheadMs = Number(process.env.LOGHARBOR_CLOCK_MINUTES) * 60_000;
const Real = Date;

globalThis.Date = class extends Real {
  constructor(...args) {
    if (args.length === 0) super(Real.now() + aheadMs);
    else super(...args);
  }

  static now() {
    return Real.now() + aheadMs;
  }
};
