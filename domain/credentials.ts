/**
 * Credentials that a stack generates and `rotate` renews, by the name of their setting: the passwords of tenants at
 * Loki's gateway, of Grafana's administrator, of Loki's user in MinIO, and of MinIO's root user.
 */
export const credentials = ["gateway", "grafana", "lokiStore", "minioRoot"] as const;

/** One of {@link credentials}. */
export type Credential = (typeof credentials)[number];

/** The name of a credential on the command line and in Kubernetes: `loki-store` for `lokiStore`. */
export function wordFor(credential: Credential): string {
  return credential.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The generations of a credential that are valid. */
export interface Generation {
  /** The one in use. The first is 1. */
  current: number;
  /** The one before it, while its readers change over. Default: it is no longer valid. */
  previous?: number;
}

/** What a credential has if it was never renewed. */
export const firstGeneration: Generation = { current: 1 };

/** All valid generations, the one in use first. */
export function validGenerations({ current, previous }: Generation): number[] {
  return previous === undefined ? [current] : [current, previous];
}

/** A name of something that each generation has its own of. The first generation has the plain name. */
export function nameInGeneration(name: string, generation: number): string {
  return generation === 1 ? name : `${name}-${generation}`;
}

/** The generation that {@link nameInGeneration} made a name for. Undefined if the name has another form. */
export function generationNamed(plain: string, name: string): number | undefined {
  if (name === plain) return 1;
  const number = name.startsWith(`${plain}-`) ? name.slice(plain.length + 1) : "";
  return /^[1-9]\d*$/.test(number) ? Number(number) : undefined;
}
