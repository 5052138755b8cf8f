import { fail } from "@ddpm/core";
import {
  type DType,
  encodeModel,
  type GraphConstant,
  type GraphFunction,
  OnnxBackendError,
  type OnnxConstant,
  type RecordedGraph,
  recordGraph,
} from "@ddpm/tfjs-backend-onnx/authoring";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { FreeLength } from "./length-arithmetic.ts";
import { type OpenGraph, openLength, RECORDED_LENGTHS } from "./open-length.ts";
import { WHERE } from "./where.ts";

/** An input of the exported model. */
export interface InputSpec {
  /** Lengths; a text names the one length that may differ from run to run, e.g. `["batch", 32, 32, 3]`. */
  readonly shape: readonly (number | string)[];
  /** float32 when left out. */
  readonly dtype?: DType;
}

/** What {@link exportOnnx} writes around the function. */
export interface ExportOptions {
  /** By the names that the model's inputs get. */
  readonly inputs: Readonly<Record<string, InputSpec>>;
  /** Weights by the names that they get inside of the model; the second argument of the function. */
  readonly constants?: Readonly<Record<string, Tensor>>;
  /** Of the graph; "model" when left out. */
  readonly name?: string;
  /** A sentence or two: the model's doc string. */
  readonly about?: string;
  /** Texts by key: the model's `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The lowest version of the operator set that has all operators in the form used here. */
const OPSET = 18;
const IR_VERSION = 8;

/** A message of protocol buffers ends below 2 GiB; a megabyte is left for what is not numbers. */
const MOST_BYTES = 2 ** 31 - 2 ** 20;

/**
 * Writes a function of TensorFlow.js as an ONNX model: operators of ai.onnx 18 alone, constants inside, so that every
 * runtime loads it. The function is recorded on shapes, whatever backend is current; nothing is computed.
 *
 * Where a length is named, the function is recorded for three lengths, and everything in the graph that depends on it is
 * computed from the input's shape at run time; see {@link openLength}.
 *
 * Convolution filters become [out, in, height, width], as ONNX has them; all other constants keep shape and name.
 *
 * @param f pure: the same operations every time, nothing read back
 * @returns the bytes of the file
 * @throws DdpmError naming the kernel for what has no form in ONNX or works for some lengths only; above 2 GB
 */
export async function exportOnnx(f: GraphFunction, options: ExportOptions): Promise<Uint8Array> {
  const { inputs, constants = {}, name = "model", about, metadata } = options;
  checkNames([...Object.keys(inputs), ...Object.keys(constants)]);
  const free = freeLength(inputs);
  const bytes = Object.values(constants).reduce((sum, { size }) => sum + 4 * size, 0);
  if (bytes > MOST_BYTES) {
    fail(
      WHERE,
      `${bytes} bytes of constants do not fit into one file of less than 2 GB.`,
      "Export a smaller model.",
    );
  }
  const held: GraphConstant[] = [];
  for (const [key, tensor] of Object.entries(constants)) held.push(await readTensor(key, tensor));
  const graphs = (free ? RECORDED_LENGTHS : [1]).map((length) => recorded(f, inputs, held, length));
  const graph = free ? openLength(graphs, free) : fixedGraph(graphs[0]!);
  return encodeModel(
    { ...graph, constants: [...weightsOf(graphs[0]!), ...graph.constants] },
    {
      irVersion: IR_VERSION,
      opsets: [["", OPSET]],
      producer: "@ddpm/exchange",
      name,
      ...(about ? { about } : {}),
      ...(metadata ? { metadata } : {}),
    },
  );
}

/** The function's graph for one value of the free length. */
function recorded(
  f: GraphFunction,
  inputs: ExportOptions["inputs"],
  constants: readonly GraphConstant[],
  length: number,
): RecordedGraph {
  const given = Object.entries(inputs).map(([name, { shape, dtype = "float32" }]) => ({
    name,
    dtype,
    shape: shape.map((size) => (typeof size === "string" ? length : size)),
  }));
  try {
    return recordGraph(f, given, constants);
  } catch (cause) {
    if (!(cause instanceof OnnxBackendError)) throw cause;
    return fail(WHERE, cause.message, undefined, { cause });
  }
}

function checkNames(names: readonly string[]): void {
  const wrong = names.find((name, i) => name === "" || name.startsWith("/") || names.indexOf(name) !== i);
  if (wrong === undefined) return;
  fail(
    WHERE,
    `${JSON.stringify(wrong)} cannot name an input or constant.`,
    'Take names of their own that do not begin with "/".',
  );
}

function freeLength(inputs: ExportOptions["inputs"]): FreeLength | null {
  const found = Object.entries(inputs).flatMap(([input, { shape }]) =>
    shape.flatMap((size, axis) => (typeof size === "string" ? [{ symbol: size, input, axis }] : [])),
  );
  const other = found.find(({ symbol }) => symbol !== found[0]!.symbol);
  if (other)
    fail(
      WHERE,
      `lengths ${found[0]!.symbol} and ${other.symbol} are free, and one can be.`,
      "Fix the other.",
    );
  return found[0] ?? null;
}

async function readTensor(name: string, tensor: Tensor): Promise<GraphConstant> {
  const { dtype, shape } = tensor;
  if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") {
    return fail(WHERE, `constant ${JSON.stringify(name)} is ${dtype}.`, "Take float32, int32 or bool.");
  }
  return { name, shape, dtype, numbers: await tensor.data() };
}

function fixedGraph({ inputs, outputs, nodes, constants }: RecordedGraph): OpenGraph {
  const read = new Set(nodes.flatMap((node) => node.inputs));
  return { inputs, outputs, nodes, constants: [...constants.values()].filter(({ name }) => read.has(name)) };
}

function weightsOf({ weights, nodes }: RecordedGraph): OnnxConstant[] {
  const read = new Set(nodes.flatMap((node) => node.inputs));
  return [...weights.values()]
    .filter(({ name }) => read.has(name))
    .map(({ numbers, name, type, shape }) => {
      const { buffer, byteOffset, byteLength } = numbers();
      return { name, type, shape, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
    });
}
