import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Json, JsonObject } from "../json";
import { secretMark } from "../marks";

/** A resource that a program asked the engine to register. It refers to other resources by name. */
export interface Recorded {
  name: string;
  type: string;
  /** Name of the parent; empty at the top. */
  parent: string;
  custom: boolean;
  /** The inputs, with `[secret]` instead of each secret. */
  inputs: JsonObject;
  /** The inputs with all secrets as plain text. */
  clearInputs: JsonObject;
  /** An explicit provider, else empty. */
  provider: string;
  /** `dependsOn`, and the resources whose outputs are inputs here. */
  dependencies: string[];
  deletedWith: string;
  protect: boolean;
  /** Whether the real object stays when the program no longer names the resource. */
  retainOnDelete: boolean;
  /** The arguments of `registerOutputs`, masked; undefined if it was not called. */
  outputs?: JsonObject;
}

/** How a program runs without an engine. */
export interface RecorderArgs {
  /** The stack's config, by full key. */
  config: Record<string, string>;
  project: string;
  stack: string;
  /** What a provider would add to the inputs of a new resource. */
  computed: (type: string, name: string, inputs: JsonObject) => JsonObject;
  /** Makes what changes a request as the engine would. Called once Pulumi's mocks are set. Default: nothing does. */
  engine?: () => { apply(request: RegisterResourceRequest): Promise<void> };
}

type Reply<T> = (error: Error | undefined, response: T | undefined) => unknown;

/** The part of the mock monitor that we wrap, because mocks themselves see neither parent nor dependencies. */
interface Monitor {
  registerResource(request: RegisterResourceRequest, reply: Reply<RegisterResourceResponse>): Promise<void>;
  registerResourceOutputs(request: RegisterResourceOutputsRequest, reply: Reply<unknown>): void;
}

/**
 * Runs `build` under Pulumi's mocks: no engine, no provider, no cluster. Returns everything that it registers, in
 * order, and its result. `resources` grows while it runs.
 */
export async function recordProgram<T>(
  { config, project, stack, computed, engine }: RecorderArgs,
  build: () => T | Promise<T>,
  resources: Recorded[] = [],
): Promise<{ resources: Recorded[]; result: T }> {
  pulumi.runtime.setAllConfig(config);
  await pulumi.runtime.setMocks(
    {
      call: ({ inputs }) => inputs as Record<string, unknown>,
      newResource: ({ type, name, inputs }) => ({
        id: `${name}-id`,
        state: { ...(inputs as object), ...computed(type, name, inputs as JsonObject) },
      }),
    },
    project,
    stack,
    false,
    "organization",
  );
  wrap(pulumi.runtime.getMonitor() as unknown as Monitor, { resources, engine: engine?.() });
  // Pulumi keeps the stack of each promise, which takes longer than all else here.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  try {
    const result = await build();
    await pulumi.runtime.disconnect();
    return { resources, result };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function wrap(
  monitor: Monitor,
  { resources, engine }: { resources: Recorded[]; engine?: ReturnType<NonNullable<RecorderArgs["engine"]>> },
): void {
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = async (request, reply) => {
    await engine?.apply(request);
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

function fields(object: Struct | undefined, convert: (value: Json) => Json): JsonObject {
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

function convertEach(object: JsonObject, convert: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, convert(value)]));
}

function isSecret(value: Json): value is JsonObject {
  return pulumi.runtime.isRpcSecret(value);
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
