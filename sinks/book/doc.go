// Package book writes workbooks: a plan, a run's results, and an inventory to fill in.
package book
