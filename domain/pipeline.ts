/** Components of Alloy's pipeline to which further components may send lines. Their names stay. */
export const attachments = {
  /** Takes lines of pods, gives them their final labels, masks and limits them. */
  pods: "loki.process.pods",
  /** Sends lines to Loki as they are. */
  loki: "loki.write.loki",
} as const;
