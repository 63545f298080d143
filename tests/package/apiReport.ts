import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { projectDir } from "../../automation/project";

/** Entries of the package: the name of each one's report, and its folder. */
const entries = {
  logharbor: "components",
  "logharbor-automation": "automation",
  "logharbor-drift": "drift",
} as const;

/** What the report of an entry showed. */
interface ApiReport {
  /** The file of the report. */
  file: string;
  /** Whether the entry is not what the report says. After a write it is. */
  changed: boolean;
  /** Names that the types of the entry mention, and that it does not export. */
  hidden: string[];
}

/**
 * Compares the public API of the built package (`dist`) with its reports in `api/`.
 * @param temporary folder for the reports as they should be
 * @param write whether to write them to `api/`
 */
export function apiReports(temporary: string, { write }: { write: boolean }): ApiReport[] {
  return Object.entries(entries).map(([name, folder]) => {
    const entry = join(projectDir, "dist", folder, "index.d.ts");
    const { apiReportChanged: changed } = Extractor.invoke(configOf(name, entry, temporary), {
      localBuild: write,
      messageCallback: (message) => {
        message.handled = true; // what matters is in the report
      },
    });
    const report = readFileSync(join(temporary, `${name}.api.md`), "utf8");
    const hidden = report.matchAll(/The symbol "(.*?)" needs to be exported/g);
    return { file: `api/${name}.api.md`, changed, hidden: [...new Set([...hidden].map(([, symbol]) => symbol!))] };
  });
}

function configOf(name: string, entry: string, temporary: string): ExtractorConfig {
  const none = { default: { logLevel: ExtractorLogLevel.None } };
  const compilerOptions = { module: "nodenext", moduleResolution: "nodenext", target: "ES2022", strict: true };
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(projectDir, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: projectDir,
      mainEntryPointFilePath: entry,
      compiler: {
        overrideTsconfig: { compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: [entry] },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(projectDir, "api"),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: none,
        tsdocMessageReporting: none,
        extractorMessageReporting: {
          ...none,
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
      },
    },
  });
}
