// Package profile holds what is known of the exports of other products: how one is recognised, where
// its records are, and what its columns or members become. Adding a product is adding a value here and
// a fixture in testdata/inputs.
package profile
