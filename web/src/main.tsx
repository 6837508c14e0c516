import "@fontsource-variable/geist/wght.css";
import "@fontsource-variable/geist-mono/wght.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/answers.css";
import { render } from "preact";
import { App } from "./app.js";
import { applyTheme, readTheme } from "./theme.js";

applyTheme(readTheme());
render(<App />, document.getElementById("page")!);
