const suffixes: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^(\d+(?:\.\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/**
 * Value of a Kubernetes quantity in its base unit: cores or bytes.
 * @throws RangeError if the text is not a quantity.
 */
export function parseQuantity(text: string): number {
  const match = pattern.exec(text);
  if (match === null)
    throw new RangeError(`"${text}" is not a Kubernetes quantity; examples are 500m, 2, 512Mi and 10Gi`);
  return Number(match[1]) * (suffixes[match[2] ?? ""] ?? 1);
}

/** Whether two texts are the same amount, as `0.5` and `500m`. */
export function isSameQuantity(one: string, other: string): boolean {
  return pattern.test(one) && pattern.test(other) && parseQuantity(one) === parseQuantity(other);
}

/** Whether the text is an amount of CPU from 1m to 1000 cores. */
export function isCores(text: string): boolean {
  return pattern.test(text) && parseQuantity(text) >= 0.001 && parseQuantity(text) <= 1000;
}

/** Whether the text is an amount of memory or storage of at least 1Mi. */
export function isBytes(text: string): boolean {
  return pattern.test(text) && parseQuantity(text) >= 2 ** 20;
}

/** CPU in cores as a quantity: 0.25 is "250m", 2 is "2". */
export function formatCpu(cores: number): string {
  const milli = Math.round(cores * 1000);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Bytes as a quantity in Mi, rounded up, or in Gi if that is exact. */
export function formatMemory(bytes: number): string {
  const mi = Math.ceil(bytes / 2 ** 20);
  return mi % 1024 === 0 ? `${mi / 1024}Gi` : `${mi}Mi`;
}
