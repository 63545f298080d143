import * as grpc from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest, type Callback } from "@pulumi/pulumi/proto/callback_pb";
import * as state from "@pulumi/pulumi/runtime/state";
import {
  TransformRequest,
  TransformResourceOptions,
  TransformResponse,
  type RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";

/**
 * Stands in for the engine, which calls the transforms of a resource and of all its parents, from the inside out.
 * Pulumi's mocks leave that out. Only changes of inputs are taken over, none of options.
 */
export class EngineTransforms {
  private readonly own = new Map<string, Callback[]>();
  private readonly parents = new Map<string, string>();

  /** After Pulumi's mocks are set, which say that the engine knows no transforms. */
  constructor() {
    const { getStore } = state as unknown as { getStore: () => { supportsTransforms: boolean } };
    getStore().supportsTransforms = true;
  }

  /** Changes the request as the transforms say. */
  async apply(request: RegisterResourceRequest): Promise<void> {
    const key = request.getName();
    this.own.set(key, request.getTransformsList());
    this.parents.set(key, request.getParent().split("::").at(-1) ?? "");
    for (let at = key; at !== ""; at = this.parents.get(at) ?? "")
      for (const callback of this.own.get(at) ?? []) await transform(request, callback);
  }
}

async function transform(resource: RegisterResourceRequest, callback: Callback): Promise<void> {
  const asked = new TransformRequest();
  asked.setType(resource.getType());
  asked.setName(resource.getName());
  asked.setCustom(resource.getCustom());
  asked.setParent(resource.getParent());
  asked.setProperties(resource.getObject());
  asked.setOptions(new TransformResourceOptions());
  const call = new CallbackInvokeRequest();
  call.setToken(callback.getToken());
  call.setRequest(asked.serializeBinary());
  const client = new CallbacksClient(callback.getTarget(), grpc.credentials.createInsecure());
  try {
    const answer = await new Promise<Uint8Array>((resolve, reject) =>
      client.invoke(call, (error, response) =>
        error === null ? resolve(response.getResponse_asU8()) : reject(new Error(error.message)),
      ),
    );
    resource.setObject(TransformResponse.deserializeBinary(answer).getProperties());
  } finally {
    client.close();
  }
}
