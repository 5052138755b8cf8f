import { config } from "zod";

/** The page's security policy forbids code made from text, which zod would otherwise try. */
config({ jitless: true });
