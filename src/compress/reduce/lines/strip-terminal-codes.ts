export { stripTerminalCodes } from "../../text/strip-terminal-codes.js";
