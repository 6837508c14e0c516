import { defineConfig } from "vitepress";

/** The site's parts, in the order of its sidebar: pages are files of docs/ unless build.js puts them there. */
const sidebar = [
  {
    text: "Start",
    items: pages({ "quick-start": "Quick start", concepts: "How it works", loss: "What is lost", faq: "Questions" }),
  },
  {
    text: "Recipes",
    items: pages({
      "recipes/agents-through-the-proxy": "Agents through the proxy",
      "recipes/retrieval": "Retrieval",
      "recipes/logs-in-ci": "Logs in CI",
      "recipes/briefs-in-a-repository": "Briefs in a repository",
      "recipes/an-adapter-of-your-own": "An adapter of your own",
    }),
  },
  {
    text: "Use",
    items: pages({
      api: "The public API",
      "reference/index": "Reference",
      integrations: "Integrations",
      memory: "Memory",
      serve: "Service and proxy",
      briefs: "Briefs",
      errors: "Errors",
    }),
  },
  {
    text: "Measure and train",
    items: pages({
      validate: "Validate and evaluate",
      generate: "Generate pairs",
      training: "Training",
      learning: "Your own traffic",
      "training-swift": "The keep model on a Mac",
      llm: "Asking models",
      latency: "Latency",
      "keep-encoder": "Keep encoder",
      "keep-model": "Linear scorer",
      "model-card": "Model card",
    }),
  },
  {
    text: "Inside",
    items: pages({
      architecture: "Architecture",
      "adding-a-reducer": "Adding a reducer",
      "native-abi": "Native engine",
      releasing: "Releasing",
      contributing: "Contributing",
      changelog: "Changes",
    }),
  },
];

function pages(titles) {
  return Object.entries(titles).map(([page, text]) => ({ text, link: `/${page}` }));
}

export default defineConfig({
  title: "brevis",
  description: "Context compression for LLM applications in Node",
  lang: "en",
  cleanUrls: false,
  lastUpdated: false,
  themeConfig: { sidebar, outline: [2, 3], search: { provider: "local" } },
  markdown: {
    config: (markdown) => {
      // Blocks that are indented have no language of their own: commands, or TypeScript.
      const drawFence = markdown.renderer.rules.fence;
      markdown.renderer.rules.code_block = (tokens, at, ...rest) => {
        const isTypeScript = /^(?:import|const|await|for|new) |[;{]$/mu.test(tokens[at].content);
        tokens[at].info = isTypeScript ? "ts" : "sh";
        return drawFence(tokens, at, ...rest);
      };
    },
  },
});
