import type { V1LabelSelector } from "@kubernetes/client-node";

type Labels = Readonly<Record<string, string>>;

/** Whether a label selector matches these labels; the empty one matches all. */
export function selects({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          throw new Error(`unknown operator in a label selector: ${operator}`);
      }
    })
  );
}
