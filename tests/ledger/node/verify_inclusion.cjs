// Asks @sigstore/verify whether an entry is in our log: `node verify_inclusion.cjs NODE_FOLDER`, one JSON object on standard input.
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const { verifyTLogInclusion } = require(path.join(process.argv[2], "node_modules/@sigstore/verify/dist/tlog/index.js"));
const given = JSON.parse(fs.readFileSync(0, "utf8"));

const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(given.public, "hex")]);
const log = {
  logID: Buffer.concat([Buffer.from(given.keyId, "hex"), Buffer.alloc(28)]),
  publicKey: crypto.createPublicKey({ key: spki, format: "der", type: "spki" }),
  baseURL: given.origin,
  validFor: { start: new Date(0), end: new Date(8e15) },
};
const entry = {
  logIndex: String(given.index),
  logId: { keyId: log.logID },
  integratedTime: "0",
  canonicalizedBody: Buffer.from(given.leaf, "hex"),
  inclusionProof: {
    logIndex: String(given.index),
    treeSize: String(given.size),
    rootHash: Buffer.from(given.root, "hex"),
    hashes: given.proof.map((step) => Buffer.from(step, "hex")),
    checkpoint: { envelope: given.checkpoint },
  },
};
try {
  verifyTLogInclusion(entry, [log]);
  console.log("accepted");
} catch (fault) {
  console.log(`refused: ${fault.message}`);
}
