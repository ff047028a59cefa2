// A judge of a published log that shares no code with ours: the Go team's sumdb packages note and tlog.
//
//	judge FOLDER VKEY OLD-CHECKPOINT [COSIGNER-VKEY]...
//
// It opens the checkpoint, reads every entry through authenticated tiles, checks the receipts that lie
// in FOLDER/receipts, proves that the log continues the old checkpoint, and checks cosignatures.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/mldsa"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func insist(holds bool, what string) {
	if !holds {
		check(fmt.Errorf("%s", what))
	}
}

func main() {
	folder, vkey, old, cosigners := os.Args[1], os.Args[2], os.Args[3], os.Args[4:]
	verifier, err := note.NewVerifier(vkey)
	check(err)
	tree := open(filepath.Join(folder, "checkpoint"), verifier)
	before := open(old, verifier)
	tiles := tlog.TileHashReader(tree, &files{folder})
	leaves := entries(folder, tree.N)
	for index, leaf := range leaves {
		hashes, err := tiles.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(index))})
		check(err)
		insist(hashes[0] == tlog.RecordHash(leaf), "an entry is not the one in its tile")
	}
	if before.N > 0 {
		proof, err := tlog.ProveTree(tree.N, before.N, tiles)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash))
	}
	receipts, err := filepath.Glob(filepath.Join(folder, "receipts", "*"))
	check(err)
	for _, path := range receipts {
		receipt(path, verifier, leaves)
	}
	for _, cosigner := range cosigners {
		_, err := note.Open(read(filepath.Join(folder, "checkpoint")), note.VerifierList(cosignature(cosigner)))
		check(err)
	}
	fmt.Println("accepted:", tree.N, "entries,", len(receipts), "receipts,", len(cosigners), "cosignatures")
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	check(err)
	return data
}

func open(path string, verifier note.Verifier) tlog.Tree { return head(read(path), verifier) }

func head(signed []byte, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	insist(len(lines) == 4 && lines[0] == verifier.Name(), "the checkpoint has not three lines of this log")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	hash, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: hash}
}

// files reads tiles of height 8 as C2SP tlog-tiles lays them out: without the height in the path.
type files struct{ folder string }

func (f *files) Height() int { return 8 }

func (f *files) SaveTiles([]tlog.Tile, [][]byte) {}

func (f *files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.folder, path))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func entries(folder string, size int64) [][]byte {
	var leaves [][]byte
	for first := int64(0); first < size; first += 256 {
		width := int(min(256, size-first))
		tile := tlog.Tile{H: 8, L: -1, N: first / 256, W: width}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		rest := read(filepath.Join(folder, path))
		for range width {
			insist(len(rest) >= 2, "a bundle is too short")
			end := 2 + int(binary.BigEndian.Uint16(rest))
			insist(len(rest) >= end, "a bundle ends inside an entry")
			leaves, rest = append(leaves, rest[2:end]), rest[end:]
		}
		insist(len(rest) == 0, "a bundle is too long")
	}
	return leaves
}

func receipt(path string, verifier note.Verifier, leaves [][]byte) {
	top, signed, found := bytes.Cut(read(path), []byte("\n\n"))
	insist(found, "a receipt has no checkpoint")
	lines := strings.Split(string(top), "\n")
	insist(lines[0] == "c2sp.org/tlog-proof@v1", "a receipt has another first line")
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		check(err)
		proof = append(proof, hash)
	}
	tree := head(signed, verifier)
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaves[index])))
}

// cosigner checks C2SP tlog-cosignature lines of either kind.
type cosigner struct {
	name string
	hash uint32
	ed   ed25519.PublicKey
	ml   *mldsa.PublicKey
}

func (c *cosigner) Name() string { return c.name }

func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) < 8 {
		return false
	}
	at, raw := signature[:8], signature[8:]
	if c.ed != nil {
		time := binary.BigEndian.Uint64(at)
		return ed25519.Verify(c.ed, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)), raw)
	}
	lines := strings.Split(string(text), "\n")
	size, err := strconv.ParseUint(lines[1], 10, 64)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	message := []byte("subtree/v1\n\x00")
	message = append(append(message, byte(len(c.name))), c.name...)
	message = append(message, at...)
	message = append(append(message, byte(len(lines[0]))), lines[0]...)
	message = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(message, 0), size)
	message = append(message, root...)
	return mldsa.Verify(c.ml, message, raw, nil) == nil
}

func cosignature(vkey string) note.Verifier {
	parts := strings.SplitN(vkey, "+", 3)
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	check(err)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check(err)
	made := &cosigner{name: parts[0], hash: uint32(hash)}
	if key[0] == 4 {
		made.ed = ed25519.PublicKey(key[1:])
		return made
	}
	insist(key[0] == 6, "a cosigner's key is of another kind")
	made.ml, err = mldsa.NewPublicKey(mldsa.MLDSA44(), key[1:])
	check(err)
	return made
}
