import { wordSet } from "../../text/word-set.js";

/** Names of tree-sitter's nodes, over the grammars of all languages (nothing is lost where a grammar lacks one). */

export const importNodes = wordSet(`
  import_statement import_from_statement future_import_statement import_declaration use_declaration
  extern_crate_declaration preproc_include package_clause package_declaration using_declaration`);

export const functionNodes = wordSet(`
  function_definition function_declaration generator_function_declaration method_definition method_declaration
  constructor_declaration compact_constructor_declaration function_item arrow_function function_expression
  function_signature function_signature_item method_signature abstract_method_signature func_literal closure_expression
  lambda_expression lambda`);

export const typeNodes = wordSet(`
  class_definition class_declaration abstract_class_declaration interface_declaration type_alias_declaration
  enum_declaration record_declaration annotation_type_declaration struct_item enum_item union_item trait_item impl_item
  mod_item foreign_mod_item type_item macro_definition macro_rule struct_specifier class_specifier enum_specifier
  union_specifier namespace_definition linkage_specification type_declaration type_definition module internal_module
  ambient_declaration preproc_def preproc_function_def alias_declaration concept_definition`);

/** Nodes around a declaration: what they hold decides. */
export const wrapperNodes = wordSet(`decorated_definition export_statement template_declaration`);

export const memberNodes = wordSet(`
  field_declaration public_field_definition property_signature enum_assignment enum_variant enum_constant
  field_definition enumerator const_spec var_spec type_spec index_signature call_signature property_declaration
  const_item static_item associated_type attribute_item`);

export const commentNodes = wordSet("comment line_comment block_comment");

/** Bodies between brackets: the row of the closing bracket closes what the row of the opening one begins. */
export const bracketedBodies = wordSet(`
  block statement_block class_body declaration_list field_declaration_list compound_statement interface_body
  enum_body object_type switch_body switch_block match_block enum_variant_list enumerator_list constructor_body
  annotation_type_body record_declaration_list function_body import_spec_list`);

/** Bracketed lists of data, taken apart when they are long. */
export const dataBodies = wordSet(`
  object array array_expression dictionary list set tuple initializer_list literal_value array_initializer
  jsx_element argument_list arguments token_tree parameters formal_parameters call_expression_arguments`);

/** Statements whose children follow without brackets of their own. */
export const openBodies = wordSet(`
  switch_case switch_default case_statement expression_case type_case default_case communication_case
  switch_block_statement_group preproc_if preproc_ifdef preproc_else preproc_elif`);

export const clauseNodes = wordSet(`
  else_clause elif_clause except_clause except_group_clause finally_clause catch_clause case_clause else_if_clause`);

/** Nodes that only hold a list of statements. */
export const transparentNodes = wordSet("statement_list enum_body_declarations");

/** Strings that can run over many rows: scripts, templates, texts. */
export const stringNodes = wordSet(
  "raw_string_literal interpreted_string_literal string string_literal template_string text_block",
);
