import type { Image, Resources } from "../../config/settings";
import type { LokiClient, PartSpec, Pods } from "../part";

/** Everything that the canary depends on. It lives in Alloy's namespace, and logs in as Alloy does. */
export interface CanarySpec
  extends LokiClient, Pods, Pick<PartSpec, "certificates" | "fixedUserIds" | "pullSecrets" | "scrapeAnnotations"> {
  /** Its image. Default: the pinned one. */
  image: Image;
  /** What each pod reserves, and what it may use. Default: that of the settings. */
  resources: Resources;
}
