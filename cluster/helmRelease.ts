/** A Helm release by name. */
export interface ReleaseName {
  namespace: string;
  name: string;
}
