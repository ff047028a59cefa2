// npm's @sigstore/verify as a judge of checkpoints and inclusion proofs. One JSON case a line, one verdict a line.
const path = require("path");
const crypto = require("crypto");
const dist = path.join(process.argv[2], "node_modules", "@sigstore", "verify", "dist", "tlog");
const { verifyCheckpoint } = require(path.join(dist, "checkpoint.js"));
const { verifyMerkleInclusion } = require(path.join(dist, "merkle.js"));

function accepted(one) {
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(one.key, "base64")]);
  const log = {
    baseURL: one.origin,
    logID: Buffer.from(one.keyId, "base64"),
    publicKey: crypto.createPublicKey({ key: spki, format: "der", type: "spki" }),
  };
  const entry = {
    canonicalizedBody: Buffer.from(one.leaf, "base64"),
    inclusionProof: {
      logIndex: String(one.index),
      hashes: one.path.map((each) => Buffer.from(each, "base64")),
      checkpoint: { envelope: one.checkpoint },
    },
  };
  try {
    verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
    return true;
  } catch (problem) {
    if (problem.code === "TLOG_INCLUSION_PROOF_ERROR") return false;
    throw problem;
  }
}

const lines = require("fs").readFileSync(0, "utf8").trim().split("\n");
for (const line of lines) console.log(JSON.stringify(accepted(JSON.parse(line))));
