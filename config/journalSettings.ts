import { z } from "zod";

import { flag, folder, list, text } from "./kinds";

const unit = text(
  /^[A-Za-z0-9:_.@-]+\.[a-z]+$/,
  "the name of a unit of systemd, such as kubelet.service",
)({ about: "A unit.", example: "kubelet.service" });

/** The journals of the nodes. */
export const journal = z.strictObject({
  // Whoever may read logs could then read those of the nodes: who wants that says so.
  enabled: flag({
    both: false,
    about: "Collect from the systemd journals of the nodes too, such as lines of kubelet and kernel; for source files.",
  }),
  units: list(unit, "units of systemd", {
    both: ["kubelet.service", "containerd.service", "crio.service", "docker.service"],
    about: "Units whose lines are collected. One that a node does not have costs nothing.",
    example: ["kubelet.service"],
  }),
  kernel: flag({ both: true, about: "Collect what the kernel says." }),
  path: folder({
    both: "/var/log/journal",
    about: "Folder of the journals on the nodes: /run/log/journal if they keep them in memory only.",
    example: "/run/log/journal",
  }),
});
