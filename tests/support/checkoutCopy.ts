import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDir } from "../../automation/project";

/** A copy of this checkout as it is, in a repository of its own, for commands that read its history. */
export class CheckoutCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "checkout-"));

  constructor() {
    const left = ["node_modules", ".git", "dist", "docs"];
    for (const entry of readdirSync(projectDir).filter((name) => !left.includes(name)))
      cpSync(join(projectDir, entry), join(this.folder, entry), { recursive: true });
    this.git("init", "--quiet", "--initial-branch=main");
    this.commit("base");
    symlinkSync(join(projectDir, "node_modules"), join(this.folder, "node_modules"), "dir");
    // Newer than what is installed, it would have that installed anew.
    utimesSync(join(this.folder, "package-lock.json"), 0, 0);
  }

  git(...args: string[]): string {
    const user = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    return execFileSync("git", ["-C", this.folder, ...user, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  }

  commit(message: string): void {
    // The packages are a link, which .gitignore does not mean.
    this.git("add", "--all", "--", ".", ":!node_modules");
    this.git("commit", "--quiet", "--no-verify", "-m", message);
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
