/** Which object stores a stack has. */
export interface StoreChoice {
  /** Where Loki stores: in the stack's own MinIO, or in an S3-compatible store that is there already. */
  kind: "minio" | "s3";
  /** Whether the stack has both, because it moves from one to the other. */
  moving: boolean;
}

/** Whether the stack has a MinIO of its own. */
export function hasMinio({ kind, moving }: StoreChoice): boolean {
  return kind === "minio" || moving;
}

/** Whether the stack knows a store that is there already. */
export function hasExistingStore({ kind, moving }: StoreChoice): boolean {
  return kind === "s3" || moving;
}

/** Whether an http(s) address is that of the MinIO in a namespace. */
export function isMinioIn(namespace: string, url: string): boolean {
  return new RegExp(`^minio(-svc)?(\\.${namespace}(\\.svc(\\..+)?)?)?$`).test(new URL(url).hostname);
}

/** Whether a host is one of AWS. Only AWS takes the identities that it gives to pods. */
export function isAws(host: string): boolean {
  return /(^|\.)amazonaws\.com(\.cn)?$/.test(host);
}

/** What people call the store that Loki uses. */
export function storeName({ kind }: Pick<StoreChoice, "kind">): string {
  return kind === "minio" ? "MinIO" : "the object store";
}
