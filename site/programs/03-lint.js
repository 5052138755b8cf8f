// What is wrong with a schedule.
import { linear, lint, zeroTerminal } from "@ddpm/schedules";

const short = linear({ steps: 300 });
for (const { what, do: advice } of lint(short)) console.log(`${what}\n  → ${advice}`);

const repaired = zeroTerminal({ of: short });
console.log(`signal left at the end: ${short.at(1).alpha.toFixed(3)}, repaired: ${repaired.at(1).alpha}`);
