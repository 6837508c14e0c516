import type { Scenario } from "./make-pair.js";
import { bashOutput, errorTrace, fileRead, jsonToolResult, searchResult } from "./scenarios/agent-tools.js";
import { browserA11y } from "./scenarios/browser-a11y.js";
import { cicdLog } from "./scenarios/cicd-log.js";
import { codeDebug } from "./scenarios/code-debug.js";
import { codeReview } from "./scenarios/code-review.js";
import { agentHistory, chatHistory, meetingNotes } from "./scenarios/conversations.js";
import { dbQuery } from "./scenarios/db-query.js";
import { gitDiff } from "./scenarios/git-diff.js";
import { jsonSchema } from "./scenarios/json-schema.js";
import { emailDigest, newsAggregate, ragContext } from "./scenarios/letters.js";
import { mcpToolCall } from "./scenarios/mcp-tool-call.js";
import { browserSession, devopsIncident } from "./scenarios/reports.js";
import { toolResult } from "./scenarios/tool-result.js";

/** Every scenario that pairs are written for. */
export const scenarios: readonly Scenario[] = [
  codeReview,
  toolResult,
  jsonSchema,
  codeDebug,
  dbQuery,
  mcpToolCall,
  gitDiff,
  browserA11y,
  cicdLog,
  emailDigest,
  newsAggregate,
  agentHistory,
  ragContext,
  meetingNotes,
  chatHistory,
  devopsIncident,
  browserSession,
  bashOutput,
  fileRead,
  errorTrace,
  searchResult,
  jsonToolResult,
];
