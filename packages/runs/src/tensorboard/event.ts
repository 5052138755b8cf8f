import protobuf from "protobufjs/minimal.js";

const { Reader, Writer } = protobuf;

/** A picture as TensorBoard takes it. */
export interface EventPicture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Field numbers of `tensorflow.Event` and the messages inside (tensorflow/core/util/event.proto, summary.proto). */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 };
const SESSION_LOG = { status: 1 };
const SUMMARY = { value: 1 };
const VALUE = { tag: 1, simpleValue: 2, image: 4 };
const IMAGE = { height: 1, width: 2, colorspace: 3, encoded: 4 };

/** `SessionLog.START`. */
const START = 1;

/** Wire types: varint, 64 bits, length-delimited, 32 bits. */
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];
const key = (field: number, type: number): number => (field << 3) | type;

/** Red, green, blue. */
const RGB = 3;

/** The first event of every file. */
export function versionEvent(wallTime: number): Uint8Array {
  return Writer.create()
    .uint32(key(EVENT.wallTime, FIXED64))
    .double(wallTime)
    .uint32(key(EVENT.fileVersion, BYTES))
    .string("brain.Event:2")
    .finish();
}

/**
 * Numbers by tag at a step.
 *
 * @param wallTime seconds since 1970
 */
export function scalarsEvent(
  wallTime: number,
  step: number,
  scalars: Readonly<Record<string, number>>,
): Uint8Array {
  const event = begun(wallTime, step).uint32(key(EVENT.summary, BYTES)).fork();
  for (const [tag, value] of Object.entries(scalars)) {
    event.uint32(key(SUMMARY.value, BYTES)).fork();
    event.uint32(key(VALUE.tag, BYTES)).string(tag);
    event.uint32(key(VALUE.simpleValue, FIXED32)).float(value).ldelim();
  }
  return event.ldelim().finish();
}

/** A picture by tag at a step. */
export function pictureEvent(
  wallTime: number,
  step: number,
  tag: string,
  { png, width, height }: EventPicture,
): Uint8Array {
  const event = begun(wallTime, step).uint32(key(EVENT.summary, BYTES)).fork();
  event.uint32(key(SUMMARY.value, BYTES)).fork().uint32(key(VALUE.tag, BYTES)).string(tag);
  event.uint32(key(VALUE.image, BYTES)).fork();
  event.uint32(key(IMAGE.height, VARINT)).int32(height).uint32(key(IMAGE.width, VARINT)).int32(width);
  event.uint32(key(IMAGE.colorspace, VARINT)).int32(RGB);
  event.uint32(key(IMAGE.encoded, BYTES)).bytes(png);
  return event.ldelim().ldelim().ldelim().finish();
}

/** The start of a session: TensorBoard drops what was recorded at this step and later. */
export function sessionStartEvent(wallTime: number, step: number): Uint8Array {
  const event = begun(wallTime, step).uint32(key(EVENT.sessionLog, BYTES)).fork();
  return event.uint32(key(SESSION_LOG.status, VARINT)).int32(START).ldelim().finish();
}

/** What an event says about itself: its step, 0 where it has none, and whether a session starts with it. */
export function factsOf(event: Uint8Array): { readonly step: number; readonly startsSession: boolean } {
  const reader = Reader.create(event);
  let step = 0;
  let startsSession = false;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === key(EVENT.sessionLog, BYTES)) startsSession = true;
    if (tag === key(EVENT.step, VARINT)) step = Number(reader.int64());
    else reader.skipType(tag & 7);
  }
  return { step, startsSession };
}

function begun(wallTime: number, step: number): protobuf.Writer {
  return Writer.create()
    .uint32(key(EVENT.wallTime, FIXED64))
    .double(wallTime)
    .uint32(key(EVENT.step, VARINT))
    .int64(step);
}
