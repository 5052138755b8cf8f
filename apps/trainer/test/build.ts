import { buildCommand } from "./support/build-command.ts";

/** Builds the command before its tests. */
export const setup = buildCommand;
