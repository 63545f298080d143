import assert from "node:assert/strict";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { openLoki } from "../../logs/access";
import { serviceAddress } from "../../cluster/serviceAddress";
import { openTunnel } from "../../cluster/tunnel";
import { queryRange } from "../../logs/query";
import type { Settings } from "../../config/settings";
import { minioUrl } from "../../render/addresses";
import { planOf } from "../../render/plan";
import { secretNames } from "../../domain/names";
import { hasCertManager, withCertManager } from "../support/certManager";
import { selfSigned } from "../support/certificates";
import { isReady } from "../support/cluster";
import { Doctor } from "../support/doctor";
import { platform } from "../support/platform";
import { bySize, full } from "../support/sizes";
import { asStoreUser, objectNames } from "../support/store";
import { switchTls } from "../support/switchTls";
import { waitFor } from "../support/wait";

describe("TLS with certificates of cert-manager", () => {
  const p = platform();
  const namespace = "e2e-tls";
  const { minio, loki } = p.settings.namespaces;

  before(async function () {
    if (await hasCertManager(p.cluster, bySize({ core: 0, full: 60 }))) return;
    console.log("      skipped: the cluster has no cert-manager; a run with --full compiles it (not for kind)");
    this.skip();
  });

  after(async () => {
    if (await p.cluster.hasNamespace(namespace)) await p.cluster.removeNamespace(namespace);
  });

  /**
   * The certificate that a server shows. Rejects unless its namespace's authority signed it and it carries the name of
   * its Service.
   */
  const certificateOf = async (url: string): Promise<DetailedPeerCertificate> => {
    const { service, namespace: home, port } = serviceAddress(url);
    const { "ca.crt": ca } = await p.cluster.secret({ namespace: home, name: secretNames.tls });
    const tunnel = await openTunnel({ kubeConfig: p.cluster.kubeConfig, namespace: home, service, port });
    try {
      return await new Promise((resolve, reject) => {
        const socket = connect(
          { host: tunnel.host, port: tunnel.port, ca, servername: `${service}.${home}.svc` },
          () => {
            resolve(socket.getPeerCertificate(true));
            socket.destroy();
          },
        );
        socket.on("error", reject);
      });
    } finally {
      await tunnel.close();
    }
  };

  /** Status of an unencrypted request. */
  const inClear = async (url: string): Promise<number> => {
    const tunnel = await openTunnel({ kubeConfig: p.cluster.kubeConfig, ...serviceAddress(url), tls: false });
    try {
      return (await fetch(`http://${tunnel.host}:${tunnel.port}/`)).status;
    } finally {
      await tunnel.close();
    }
  };

  const write = async (line: string) =>
    p.cluster.runShells(namespace, [{ name: line, script: `echo ${line}; sleep 36000` }]);

  /** Lines that Alloy sent through the gateway, read back through the gateway too. */
  const read = async (settings: Settings, line: string): Promise<string[]> => {
    const access = await openLoki(settings, p.cluster.kubeConfig);
    try {
      return await waitFor(`${line} by Alloy`, 120, async () => {
        const lines = await queryRange(access, { query: `{namespace="${namespace}"} |= "${line}"` });
        return lines.length > 0 ? lines.map((entry) => entry.line) : undefined;
      });
    } finally {
      await access.close();
    }
  };

  const objects = async (settings: Settings): Promise<number> => {
    const { rootUser, rootPassword } = await p.cluster.secret({ namespace: minio, name: secretNames.minioRoot });
    return asStoreUser(
      p.cluster,
      { minioUrl: minioUrl(settings), accessKey: rootUser!, secretKey: rootPassword! },
      async ({ client }) => (await objectNames(client, settings.minio.buckets.chunks)).length,
    );
  };

  full(
    "compiles cert-manager, and takes four ups and two restarts of MinIO",
    "protects MinIO and the gateway, clients trust it by name, and lines go all the way to the bucket",
    async function () {
      this.timeout(1_200_000);
      await p.ensureUp();
      await p.cluster.createNamespace(namespace);
      await withCertManager(p.cluster, async (issuer) => {
        const tls = { certificates: "cert-manager", issuer };
        try {
          await switchTls(p, { tls });
          const stack = await p.stack({ tls });
          const settings = await stack.settings();
          const servers = [minioUrl(settings), planOf(settings).addresses.loki];
          assert.deepEqual((await stack.preflight()).findings, []);

          for (const url of servers) {
            await certificateOf(url);
            assert.equal(await inClear(url), 400, `${url} accepts unencrypted requests`);
          }
          await write("by-tls");
          assert.deepEqual(await read(settings, "by-tls"), ["by-tls"]);
          const before = await objects(settings);
          await p.flush();
          await waitFor("objects of Loki in MinIO", 60, async () =>
            (await objects(settings)) > before ? true : undefined,
          );

          const { changes } = await stack.up();
          assert.deepEqual(
            Object.keys(changes).filter((change) => change !== "same"),
            [],
          );

          // The servers use a renewed certificate without a restart.
          const pods = async () =>
            [...(await p.cluster.pods(minio)), ...(await p.cluster.pods(loki))]
              .filter(isReady)
              .map(({ metadata, status }) => [
                metadata?.uid,
                status?.containerStatuses?.map(({ restartCount }) => restartCount),
              ]);
          const [serials, running] = [await Promise.all(servers.map(certificateOf)), await pods()];
          for (const home of [minio, loki])
            await p.cluster.core.deleteNamespacedSecret({ namespace: home, name: secretNames.tls });
          await waitFor(
            "renewed certificates",
            240,
            async () => {
              const now = await Promise.all(servers.map(certificateOf));
              return now.every(({ serialNumber }, index) => serialNumber !== serials[index]!.serialNumber)
                ? true
                : undefined;
            },
            2_000,
          );
          assert.deepEqual(await pods(), running);

          // The same Secrets, now as if an operator had made them.
          const own = await p.stack({ tls: { certificates: "given" } });
          await own.up();
          assert.deepEqual((await own.preflight()).findings, []);
          await write("by-given");
          assert.deepEqual(await read(await own.settings(), "by-given"), ["by-given"]);

          // MinIO shows a new certificate at once, and nobody accepts one that is over.
          const over = await selfSigned(`minio.${minio}.svc`, new Date(Date.now() - 86_400_000));
          await p.cluster.ask("PATCH", `/api/v1/namespaces/${minio}/secrets/${secretNames.tls}`, {
            stringData: { "tls.crt": over.certificate, "tls.key": over.key },
          });
          const doctor = new Doctor(p);
          await waitFor(
            "doctor to name the certificate",
            180,
            async () => {
              const causes = await doctor.causes({ tls: { certificates: "given" } });
              if (causes.join() !== "minio/certificate") throw new Error(causes.join());
              return true;
            },
            2_000,
          );
        } finally {
          await switchTls(p, {});
          // cert-manager leaves the Secret of a certificate that is gone.
          for (const home of Object.values(p.settings.namespaces))
            await p.cluster.core
              .deleteNamespacedSecret({ namespace: home, name: secretNames.tls })
              .catch(() => undefined); // one was not needed
        }
      });
      await write("in-clear");
      assert.deepEqual(await read(p.settings, "in-clear"), ["in-clear"]);
    },
  );
});
