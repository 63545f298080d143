import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { EngineTransforms } from "./engineTransformsDouble";

/** Plain JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What replaces a secret in `Recorded.inputs`. */
export const secretMark = "[secret]";

/** A resource that a program asked the engine to register. It refers to other resources by name. */
export interface Recorded {
  name: string;
  type: string;
  /** Name of the parent; empty at the top. */
  parent: string;
  custom: boolean;
  /** The inputs, with `[secret]` instead of each secret. */
  inputs: { [key: string]: Json };
  /** The inputs with all secrets as plain text. */
  clearInputs: { [key: string]: Json };
  /** An explicit provider, else empty. */
  provider: string;
  /** `dependsOn`, and the resources whose outputs are inputs here. */
  dependencies: string[];
  deletedWith: string;
  protect: boolean;
  /** Whether the real object stays when the program no longer names the resource. */
  retainOnDelete: boolean;
  /** The arguments of `registerOutputs`, masked; undefined if it was not called. */
  outputs?: { [key: string]: Json };
}

/** The value that `RandomPassword` of this name generates. */
export const generatedBy = (name: string) => `generated-by-${name}`;

type Reply<T> = (error: Error | undefined, response: T | undefined) => unknown;

/** The part of the mock monitor that we wrap, because mocks themselves see neither parent nor dependencies. */
interface Monitor {
  registerResource(request: RegisterResourceRequest, reply: Reply<RegisterResourceResponse>): Promise<void>;
  registerResourceOutputs(request: RegisterResourceOutputsRequest, reply: Reply<unknown>): void;
}

/**
 * Runs `build` under Pulumi's mocks. Returns everything that it registers, in order, what it notes for people, and its
 * result. `resources` grows while it runs.
 */
export async function record<T>(
  config: Record<string, string>,
  build: () => T | Promise<T>,
  resources: Recorded[] = [],
): Promise<{ resources: Recorded[]; notes: string[]; result: T }> {
  pulumi.runtime.setAllConfig(config);
  await pulumi.runtime.setMocks(
    { call: ({ inputs }) => inputs as Record<string, unknown>, newResource },
    "logharbor",
    "test",
    false,
    "organization",
  );
  wrap(pulumi.runtime.getMonitor() as unknown as Monitor, resources);
  // Pulumi keeps the stack of each promise, which takes longer than all else here.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  const { info } = pulumi.log;
  const notes: string[] = [];
  Object.assign(pulumi.log, { info: (text: string) => Promise.resolve(notes.push(text)) });
  try {
    const result = await build();
    await pulumi.runtime.disconnect();
    return { resources, notes, result };
  } finally {
    Object.assign(pulumi.log, { info });
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function newResource({ type, name, inputs }: pulumi.runtime.MockResourceArgs) {
  const computed = type === "random:index/randomPassword:RandomPassword" ? { result: generatedBy(name) } : {};
  return { id: `${name}-id`, state: { ...(inputs as object), ...computed } };
}

function wrap(monitor: Monitor, resources: Recorded[]): void {
  const register = monitor.registerResource.bind(monitor);
  const transforms = new EngineTransforms();
  monitor.registerResource = async (request, reply) => {
    await transforms.apply(request);
    resources.push(recorded(request));
    await register(request, (error, response) =>
      reply(error, response && keepSecret(response, request.getAdditionalsecretoutputsList())),
    );
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, reply) => {
    const resource = resources.find(({ name }) => name === nameOf(request.getUrn()));
    if (resource !== undefined) resource.outputs = fields(request.getOutputs(), mask);
    registerOutputs(request, reply);
  };
}

function recorded(request: RegisterResourceRequest): Recorded {
  return {
    name: request.getName(),
    type: request.getType(),
    parent: nameOf(request.getParent()),
    custom: request.getCustom(),
    inputs: fields(request.getObject(), mask),
    clearInputs: fields(request.getObject(), reveal),
    provider: nameOf(request.getProvider().replace(/::[^:]*$/, "")),
    dependencies: request.getDependenciesList().map(nameOf).sort(),
    deletedWith: nameOf(request.getDeletedwith()),
    protect: request.getProtect() === true,
    retainOnDelete: request.getRetainondelete() === true,
  };
}

/** Like the engine: returns outputs as secrets if the resource declares them secret. */
function keepSecret(response: RegisterResourceResponse, keys: string[]): RegisterResourceResponse {
  const object = response.getObject();
  for (const key of keys) {
    const value = object?.getFieldsMap().get(key);
    if (object === undefined || value === undefined || isSecret(value.toJavaScript())) continue;
    const secret = { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value: value.toJavaScript() };
    const StructClass = object.constructor as unknown as { fromJavaScript(value: object): Struct };
    object.getFieldsMap().set(key, StructClass.fromJavaScript({ secret }).getFieldsMap().get("secret")!);
  }
  return response;
}

function fields(object: Struct | undefined, convert: (value: Json) => Json): { [key: string]: Json } {
  return convertEach(object === undefined ? {} : object.toJavaScript(), convert);
}

function mask(value: Json): Json {
  return isSecret(value) ? secretMark : convertBelow(value, mask);
}

function reveal(value: Json): Json {
  return isSecret(value) ? reveal(value.value!) : convertBelow(value, reveal);
}

function convertBelow(value: Json, convert: (value: Json) => Json): Json {
  if (Array.isArray(value)) return value.map(convert);
  return typeof value === "object" && value !== null ? convertEach(value, convert) : value;
}

function convertEach(object: { [key: string]: Json }, convert: (value: Json) => Json): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, convert(value)]));
}

function isSecret(value: Json): value is { [key: string]: Json } {
  return pulumi.runtime.isRpcSecret(value);
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
