{{/* Selector of a target: (dict "root" $ "component" "write"). */}}
{{- define "selector" -}}
{{- include "labels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* The two Services of a target: (dict "root" $ "component" "write" "name" "loki-write"). */}}
{{- define "services" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  {{- with .root.Values.loki.serviceAnnotations }}
  annotations: {{ toJson . }}
  {{- end }}
  labels: {{- include "selector" . | nindent 4 }}
    {{- with .root.Values.loki.serviceLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- if .root.Values.defaults.service.publishNotReadyAddresses }}
  publishNotReadyAddresses: true
  {{- end }}
  selector: {{- include "selector" . | nindent 4 }}
  ports: {{- include "ports" . | nindent 4 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}-headless
  {{- with .root.Values.loki.serviceAnnotations }}
  annotations: {{ toJson . }}
  {{- end }}
  labels: {{- include "selector" . | nindent 4 }}
    prometheus.io/service-monitor: "false"
    variant: headless
    {{- with .root.Values.loki.serviceLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  clusterIP: None
  {{- if .root.Values.defaults.service.publishNotReadyAddresses }}
  publishNotReadyAddresses: true
  {{- end }}
  selector: {{- include "selector" . | nindent 4 }}
  ports: {{- include "ports" . | nindent 4 }}
{{- end }}

{{/* Disruption budget of a workload whose values ask for one: (dict "root" $ "component" "write" "name" "loki-write" "values" .Values.write). */}}
{{- define "budget" -}}
{{- if .values.podDisruptionBudget.enabled }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels: {{- include "selector" . | nindent 4 }}
spec:
  maxUnavailable: {{ .values.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels: {{- include "selector" . | nindent 6 }}
{{- end }}
{{- end }}

{{/* Pod template of a target: (dict "root" $ "component" "write" "container" "write" "values" .Values.write "args" (list "-target=write") "volume" "data" "kept" true). */}}
{{- define "pod" -}}
{{- $values := .root.Values }}
metadata:
  annotations:
    checksum/config: {{ include "config" .root | sha256sum }}
    {{- with mergeOverwrite (dict) ($values.loki.podAnnotations | default dict) (.values.podAnnotations | default dict) }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  labels: {{- include "selector" . | nindent 4 }}
    app.kubernetes.io/part-of: memberlist
    {{- with $values.loki.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ $values.fullnameOverride }}
  automountServiceAccountToken: {{ $values.defaults.automountServiceAccountToken }}
  terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds | default 30 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: { type: RuntimeDefault }
  affinity: {{ toJson .values.affinity }}
  topologySpreadConstraints: {{ toJson .values.topologySpreadConstraints }}
  {{- include "placement" . | nindent 2 }}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets: {{ toJson . }}
  {{- end }}
  containers:
    - name: {{ .container }}
      {{- with $values.loki.image }}
      image: {{ .registry }}/{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag }}{{ end }}
      {{- end }}
      args:
        - -config.file=/etc/loki/config/config.yaml
        - -config.expand-env=true
        - -memberlist.advertise-addr=$(POD_IP)
        {{- toYaml .args | nindent 8 }}
      ports:
        - name: http-metrics
          containerPort: 3100
        - name: grpc
          containerPort: 9095
        - name: http-memberlist
          containerPort: 7946
      env:
        - name: GOMEMLIMIT
          value: {{ include "goMemoryLimit" .values.resources.limits.memory }}
        - name: GOGC
          value: "80"
        - name: POD_IP
          valueFrom:
            fieldRef:
              fieldPath: status.podIP
        {{- with .values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      envFrom: {{ toJson $values.defaults.extraEnvFrom }}
      livenessProbe:
        httpGet: { path: /loki/api/v1/status/buildinfo, port: http-metrics }
        failureThreshold: 10
        periodSeconds: 30
        successThreshold: 1
        timeoutSeconds: 1
      readinessProbe:
        httpGet: { path: /ready, port: http-metrics }
        failureThreshold: 3
        initialDelaySeconds: 15
        periodSeconds: 10
        successThreshold: 1
        timeoutSeconds: 1
      resources: {{ toJson .values.resources }}
      securityContext: {{- include "restricted" . | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/loki/config
        - name: runtime-config
          mountPath: /etc/loki/runtime-config
        - name: {{ .volume }}
          mountPath: /var/loki
        - name: temp
          mountPath: /tmp
        {{- with concat $values.defaults.extraVolumeMounts (.values.extraVolumeMounts | default list) }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      secret:
        secretName: {{ $values.fullnameOverride }}
    - name: runtime-config
      configMap:
        name: {{ $values.fullnameOverride }}-runtime
    - name: temp
      emptyDir: {}
    {{- with concat $values.defaults.extraVolumes (.values.extraVolumes | default list) }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- if not .kept }}
    - name: {{ .volume }}
      emptyDir: {}
    {{- end }}
{{- end }}

{{/* A target with one volume per replica; the same arguments, and "name". */}}
{{- define "statefulTarget" -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .name }}
  labels: {{- include "selector" . | nindent 4 }}
spec:
  replicas: {{ .values.replicas }}
  podManagementPolicy: Parallel
  serviceName: {{ .name }}-headless
  selector:
    matchLabels: {{- include "selector" . | nindent 6 }}
  template: {{- include "pod" . | nindent 4 }}
  volumeClaimTemplates:
    - metadata:
        name: {{ .volume }}
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .values.persistence.storageClass }}
        storageClassName: {{ . }}
        {{- end }}
        resources:
          requests:
            storage: {{ .values.persistence.size }}
{{- end }}
