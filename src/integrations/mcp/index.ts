/** `brevis/mcp`: a server of the Model Context Protocol with tools that compress and restore. */
export { type BrevisServerOptions, createBrevisServer } from "./create-server.js";
