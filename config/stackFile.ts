import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, parseDocument, Scalar, YAMLMap, type Document } from "yaml";
import { OperatorError } from "../domain/problem";
import type { Plain } from "./defaults";

/** A value that a stack file should have. */
export interface Proposal {
  /** Its place below `config`: the full key, such as `logharbor:minio`, then the names below it. */
  path: readonly [key: string, ...below: string[]];
  value: Plain;
  /** Why, for people; a comment in the file. */
  why: string;
}

/** A stack file with the proposals in it. */
export interface MergedFile {
  /** The whole file. The same as before if nothing was added. */
  text: string;
  /** Proposals that the file lacked and now has. */
  added: Proposal[];
  /** Proposals that the file answers otherwise. It keeps its own value, which is beside the proposal. */
  kept: (Proposal & { own: Plain })[];
}

/**
 * The config of a stack file, by full key.
 * @param text Default: there is no file yet
 * @throws OperatorError if it is not YAML with a map `config`
 */
export function stackFileConfig(text: string | undefined): Record<string, Plain> {
  const config: unknown = parsed(text).get("config");
  return isMap(config) ? (config.toJSON() as Record<string, Plain>) : {};
}

/**
 * Adds proposals to a stack file, each with its reason as a comment. What the file has stays, with its comments. Pure.
 * @param text the file as it is. Default: there is none yet
 * @throws OperatorError if it is not YAML with a map `config`
 */
export function withProposals(text: string | undefined, proposals: readonly Proposal[]): MergedFile {
  const file = parsed(text);
  const merged: MergedFile = { text: text ?? "", added: [], kept: [] };
  for (const proposal of proposals) {
    const own = ownValue(file, ["config", ...proposal.path]);
    if (own === undefined) {
      add(file, proposal);
      merged.added.push(proposal);
    } else if (!isDeepStrictEqual(own, proposal.value)) merged.kept.push({ ...proposal, own });
  }
  return merged.added.length === 0 ? merged : { ...merged, text: file.toString({ lineWidth: 0 }) };
}

function parsed(text = ""): Document {
  const file = parseDocument(text);
  const config: unknown = file.get("config");
  const [fault] = file.errors;
  if (fault === undefined && (config === undefined || config === null || isMap(config))) return file;
  throw new OperatorError(
    `The stack's file is not what Pulumi reads: ${fault?.message ?? "config is not a map"}.`,
    "mend it, or move it away and run init again",
  );
}

/** The value at a path, or what stands there instead of a group; undefined if nothing does. */
function ownValue(file: Document, path: readonly string[]): Plain {
  let node: unknown = file.contents;
  for (const key of path) {
    if (!isMap(node)) break;
    node = node.get(key, true);
    if (node === undefined || node === null) return undefined;
  }
  if (isScalar(node) && node.value === null) return undefined;
  return isMap(node) || isScalar(node) || node !== null
    ? (node as { toJSON: () => Plain } | null)?.toJSON()
    : undefined;
}

function add(file: Document, { path, value, why }: Proposal): void {
  if (!isMap(file.contents)) file.contents = new YAMLMap(file.schema);
  let group = file.contents;
  for (const key of ["config", ...path.slice(0, -1)]) {
    const next: unknown = group.get(key, true);
    if (isMap(next)) group = next;
    else {
      const made = new YAMLMap(file.schema);
      group.set(key, made);
      group = made;
    }
  }
  const key = new Scalar(path.at(-1));
  key.commentBefore = ` ${why}`;
  group.add(file.createPair(key, value));
}
