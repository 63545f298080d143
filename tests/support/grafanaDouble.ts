import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/*
 * A double of Grafana's chart, for clusters that can't have Grafana's image. Its pod is a shell with the labels, the
 * environment, the files and the rights of Grafana's. It does not prove that Grafana starts, or reads any of it.
 */

/** The pod's name, labels, files and variables are those that the real chart makes of the same values. */
const objects = (
  image: string,
) => `{{- $labels := dict "app.kubernetes.io/name" "grafana" "app.kubernetes.io/instance" .Release.Name }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: grafana
  labels: {{ toJson $labels }}
data:
  {{- range $name, $content := .Values.datasources }}
  {{ $name }}: |
    {{- tpl (toYaml $content) $ | nindent 4 }}
  {{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: grafana
  labels: {{ toJson $labels }}
spec:
  strategy: {{ toJson .Values.deploymentStrategy }}
  selector:
    matchLabels: {{ toJson $labels }}
  template:
    metadata:
      labels: {{ merge (deepCopy $labels) .Values.podLabels | toJson }}
      annotations:
        checksum/config: {{ toJson .Values.datasources | sha256sum }}
        {{- toYaml .Values.podAnnotations | nindent 8 }}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 0
      securityContext: {{ toJson .Values.securityContext }}
      containers:
        - name: shell
          image: ${image}
          command: [sh, -c, sleep 36000]
          env:
            - name: POD_IP
              valueFrom: { fieldRef: { fieldPath: status.podIP } }
            {{- range $name, $source := .Values.envValueFrom }}
            - name: {{ $name }}
              valueFrom: {{ toJson $source }}
            {{- end }}
          {{- with .Values.envFromSecret }}
          envFrom:
            - secretRef: { name: {{ . }} }
          {{- end }}
          resources: { requests: { cpu: 10m, memory: 16Mi }, limits: { memory: 64Mi } }
          securityContext: {{ toJson .Values.containerSecurityContext }}
          volumeMounts:
            - name: config
              mountPath: /etc/grafana/provisioning/datasources
            {{- range .Values.extraSecretMounts }}
            - { name: {{ .name }}, mountPath: {{ .mountPath }}, readOnly: {{ .readOnly }} }
            {{- end }}
      volumes:
        - name: config
          configMap: { name: grafana }
        {{- range .Values.extraSecretMounts }}
        - name: {{ .name }}
          secret: { secretName: {{ .secretName }}, items: {{ toJson .items }} }
        {{- end }}
`;

/** Writes the double into a new folder. @param image an image with a shell, which the cluster has */
export function grafanaDouble(image: string): string {
  const folder = mkdtempSync(join(tmpdir(), "logharbor-grafana-double-"));
  mkdirSync(join(folder, "templates"));
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: grafana\nversion: 0.0.1\n");
  writeFileSync(join(folder, "templates", "grafana.yaml"), objects(image));
  return folder;
}
