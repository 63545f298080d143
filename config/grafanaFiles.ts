import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";

import type { SettingProblem } from "../domain/problem";

/* Data sources and dashboards from files, in Grafana's own formats. */

const anything = z.record(z.string(), z.json());

/** A data source in a file of Grafana's provisioning. */
const dataSource = z.strictObject({
  name: z.string({ error: "must be a text" }).min(1),
  type: z.string({ error: "must be a text" }).min(1),
  uid: z
    .string({ error: "must be a text" })
    .regex(/^[\w-]{1,40}$/, { error: "must be letters, digits, _ and -, at most 40" })
    .optional(),
  access: z.enum(["proxy", "direct"], { error: "must be proxy or direct" }).optional(),
  orgId: z.int().optional(),
  url: z.string({ error: "must be a text" }).optional(),
  user: z.string({ error: "must be a text" }).optional(),
  database: z.string({ error: "must be a text" }).optional(),
  basicAuth: z.boolean({ error: "must be true or false" }).optional(),
  basicAuthUser: z.string({ error: "must be a text" }).optional(),
  withCredentials: z.boolean({ error: "must be true or false" }).optional(),
  isDefault: z.boolean({ error: "must be true or false" }).optional(),
  jsonData: anything.optional(),
  secureJsonData: z.record(z.string(), z.string({ error: "must be a text" })).optional(),
  correlations: z.array(anything).optional(),
  version: z.int().optional(),
  editable: z.boolean({ error: "must be true or false" }).optional(),
});

const dataSourceFile = z.strictObject({
  apiVersion: z.literal(1, { error: "must be 1" }),
  datasources: z.array(dataSource, { error: "must be a list of data sources" }),
});

const dashboardFields = z.looseObject({
  uid: z
    .string({ error: "must be a text, which is part of the dashboard's address" })
    .regex(/^[\w-]{1,40}$/, { error: "must be letters, digits, _ and -, at most 40" }),
  title: z.string({ error: "must be a text" }).min(1),
});

/** Grafana's dashboard model, as far as we read it. */
const dashboard = z
  .unknown()
  .refine((value) => typeof value !== "object" || value === null || !("dashboard" in value), {
    error: "must be the dashboard, which the API's answer has below its key dashboard",
    abort: true,
  })
  .pipe(dashboardFields);

/** A further data source. */
export type DataSource = z.output<typeof dataSource>;
/** A further dashboard. */
export type DashboardModel = z.output<typeof dashboard>;

/** What a file holds, or what is wrong with it. */
export interface GrafanaFile<T> {
  path: string;
  content: T[];
  problems: Pick<SettingProblem, "problem" | "remedy">[];
}

/** Reads a file with data sources. A relative path starts in the current folder. */
export function readDataSources(path: string): GrafanaFile<DataSource> {
  const remedy =
    "write it as Grafana's provisioning: apiVersion: 1, datasources: [{name: Tempo, type: tempo, url: http://…}]";
  const { content, problems } = readAs(path, dataSourceFile, remedy);
  return { path, content: content.flatMap(({ datasources }) => datasources), problems };
}

/** Reads a file with a dashboard. A relative path starts in the current folder. */
export function readDashboard(path: string): GrafanaFile<DashboardModel> {
  return readAs(path, dashboard, "export it in Grafana: the dashboard's settings, JSON model");
}

function readAs<T>(path: string, schema: z.ZodType<T>, remedy: string): GrafanaFile<T> {
  const wrong = (...problems: string[]) => ({
    path,
    content: [],
    problems: problems.map((problem) => ({ problem, remedy })),
  });
  let text: string;
  try {
    text = readFileSync(resolve(path), "utf8");
  } catch (error) {
    const problem = `can't be read (${(error as Error).message})`;
    return { path, content: [], problems: [{ problem, remedy: "check the path and its rights" }] };
  }
  // YAML includes JSON.
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) return wrong(`is neither YAML nor JSON: ${fault.message.split("\n")[0]}`);
  const parsed = schema.safeParse(document.toJS(), { reportInput: false });
  if (parsed.success) return { path, content: [parsed.data], problems: [] };
  return wrong(
    ...parsed.error.issues.map(
      ({ path: place, message }) => `is wrong at ${place.length === 0 ? "its top" : place.join(".")}: ${message}`,
    ),
  );
}
