import { afterAll } from "vitest";
import { removeTemporaryFolders } from "./support/command.ts";

afterAll(removeTemporaryFolders);
