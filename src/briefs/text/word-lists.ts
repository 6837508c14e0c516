import { wordSet } from "../../compress/text/word-set.js";

/** Words of English that decide what a statement obliges to, and words that carry nothing that a brief's reader would miss. */

/** What denies the content word after it. */
export const denials = wordSet(
  "not no never without cannot neither nor don't doesn't didn't won't can't isn't aren't wasn't weren't shouldn't mustn't couldn't wouldn't hasn't haven't none nothing",
);

/** What obliges. Imperatives oblige without any of these. */
export const obligations = wordSet("must shall required always only mandatory needs");

/** What recommends. */
export const recommendations = wordSet(
  "should prefer preferably recommended recommend ideally ought shouldn't suggested",
);

/** What permits. */
export const permissions = wordSet("may might can could optional optionally allowed permitted");

/** What frees of an obligation. */
export const exemptions = wordSet("needn't");

/** Grammar: never counted as content, whatever it says of obligation. */
export const grammarWords = wordSet(
  `a an the and or but so as than that this these those there here it its it's is are was were be been being am
  i me my we us our ours you your yours he she they them their theirs of in on at to for from by with into onto
  about over under between among through during against upon off out up down per via which who whom whose what
  do does did done have has had having will would shall can could may might must should not no nor if then else
  when where while because since though although either both each any some such same other another also too
  just very quite really rather still yet even already almost let's etc e.g i.e eg ie please`,
);

/** Words that a telegram leaves out wherever they stand: articles, politeness, hedges, intensifiers. */
export const fillerWords = wordSet(
  `a an the please just really very quite basically actually simply essentially obviously clearly literally
  also already unfortunately generally perfectly practically unnecessarily deliberately intentionally
  definitely certainly somewhat fairly pretty extremely highly totally completely truly indeed kindly`,
);

/** Verbs that begin an instruction. A sentence that starts with one of them, in its plain form, is an imperative. */
export const imperativeVerbs = wordSet(
  `accept access account act activate adapt add address adhere adjust adopt aim align allow always annotate answer append apply
  approve arrange ask assert assign assume attach audit authenticate avoid await back backup base batch be begin block
  branch break bring build bump bundle bypass cache calculate call cancel capture catch change check choose cite clarify classify
  clean clear click clone close coalesce collect combine comment commit communicate compare compile complete compose compress
  compute configure confirm connect consider consult contact continue contribute convert coordinate copy count cover create
  cut deal debug declare decide dedupe default defer define delegate delete deliver demonstrate deploy deprecate derive
  describe design detect determine develop diagnose discard discuss distinguish do document don't double download draft draw
  drop duplicate edit eliminate embed emit employ enable encode encourage end enforce ensure enter enumerate escalate
  escape establish estimate evaluate examine exclude execute exercise exit expand expect explain explicitly export
  expose express extend extract fail favor favour fetch file fill filter finalize find finish fix flag flush focus fold follow
  force fork format formulate freeze gate gather generate get give go grant group guard guarantee guide halt handle hide
  hold identify ignore implement import improve include increase indent index inform initialize inject insert inspect
  install instrument integrate interpret introduce invoke isolate join justify keep kill label land launch lazy-load lead leave
  let limit link lint list listen load localize locate lock log look lower maintain make manage map mark match maximize
  measure memoize merge mention migrate minimize mirror mock model modify monitor mount move name navigate never normalize note notify
  number obey observe obtain offer omit only open optimize order organize output override own package pair parse pass
  paste patch pause perform persist pick pin place plan point populate post prefer prefix prepare present preserve prevent
  print prioritize proceed process produce profile promote prompt propose protect prove provide publish pull push put
  query quote raise ran rank re-run read reads rebase rebuild recall recheck recompile reconcile record redact redirect reduce refactor
  refer reference refresh refuse regenerate register reject release reload rely remain remember remove rename render
  reopen repeat replace reply report reproduce request require rerun research reserve reset resolve respect respond
  restart restore restrict retain retry return reuse revert review revise rewrite roll rotate round route run sanitize
  save say scan schedule scope search secure see select send separate serialize serve set share ship show shut sign
  simplify skip smoke-test sort specify split squash stage standardize start state stay step stop store stream strip structure
  stub submit suggest summarize supply support suppress surface switch sync synchronize tag take target tell terminate test
  think throttle throw tie time track translate treat trigger trim trust try tune turn type undo uninstall unify
  unless update upgrade upload use utilize validate verify version view visit wait walk warn watch wire work wrap write yield`,
);

/** Words in capitals that are stressed words, not names. */
export const stressedWords = wordSet(
  "must not never always only do don't should no any all may can cannot required important note warning critical mandatory before after and or if every optional recommended",
);
