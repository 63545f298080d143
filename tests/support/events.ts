import type { EngineEvent } from "@pulumi/pulumi/automation";
import { nameOf } from "../../automation/engineProgress";

/** What the engine did, according to its events. */
export interface Recorder {
  onEvent: (event: EngineEvent) => void;
  /** Custom resources that the engine touched, or would touch, in order: "update Release logharbor-loki-release". */
  changed: () => string[];
  /** Position of a resource's begin and end among all events. A resource is found by the end of its name. */
  begin: (name: string) => number;
  end: (name: string) => number;
}

const quiet = ["same", "read", "refresh"];

export function recorder(): Recorder {
  const events: EngineEvent[] = [];
  const place = (name: string, kind: "resourcePreEvent" | "resOutputsEvent") => {
    const found = events.findIndex((event) => event[kind]?.metadata.urn.endsWith(`::${name}`));
    if (found === -1) throw new Error(`the engine reported nothing about ${name}`);
    return found;
  };
  return {
    onEvent: (event) => events.push(event),
    changed: () =>
      events.flatMap(({ resourcePreEvent: step }) => {
        const isCustom =
          (step?.metadata.new ?? step?.metadata.old)?.custom === true && !step?.metadata.type.startsWith("pulumi:");
        return step !== undefined && isCustom && !quiet.includes(step.metadata.op)
          ? [`${step.metadata.op} ${nameOf(step.metadata)}`]
          : [];
      }),
    begin: (name) => place(name, "resourcePreEvent"),
    end: (name) => place(name, "resOutputsEvent"),
  };
}
