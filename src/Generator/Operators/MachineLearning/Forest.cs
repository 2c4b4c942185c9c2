using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>How a tree's node compares a feature with its threshold; the numbers are those of <c>TreeEnsemble</c>'s <c>nodes_modes</c>.</summary>
internal enum BranchMode
{
    LessOrEqual = 0,
    Less = 1,
    GreaterOrEqual = 2,
    Greater = 3,
    Equal = 4,
    NotEqual = 5,

    /// <summary>True if the feature is one of a set of numbers.</summary>
    Member = 6,
}

/// <summary>
/// Decision trees in the form that the kernel walks. A child that is not negative is a branch; a negative one is leaf <c>~child</c>.
/// </summary>
internal sealed class Forest
{
    private Forest(List<Branch> branches, List<int> roots, List<Leaf> leaves)
    {
        Branches = branches;
        Roots = roots;
        Leaves = leaves;
    }

    /// <summary>All branches of all trees.</summary>
    public IReadOnlyList<Branch> Branches { get; }

    /// <summary>The first branch or leaf of each tree.</summary>
    public IReadOnlyList<int> Roots { get; }

    public IReadOnlyList<Leaf> Leaves { get; }

    /// <summary>The largest feature number that any branch reads; -1 if there are no branches.</summary>
    public int LastFeature => Branches.Select(static b => b.Feature).DefaultIfEmpty(-1).Max();

    /// <summary>Reads the attributes of TreeEnsembleClassifier and TreeEnsembleRegressor.</summary>
    /// <param name="context">The node.</param>
    /// <param name="prefix"><c>class</c> or <c>target</c>, which the attributes of leaves begin with.</param>
    public static Forest Read(InferContext context, string prefix) => new ForestReader(context).Read(prefix);

    /// <summary>Reads the attributes of TreeEnsemble.</summary>
    public static Forest ReadEnsemble(InferContext context) => new ForestReader(context).ReadEnsemble();

    /// <summary>Checks that trees, features and targets exist and that every walk ends.</summary>
    internal static Forest Checked(InferContext context, List<Branch> branches, List<int> roots, List<Leaf> leaves, long targets)
    {
        if (roots.Count == 0)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "the ensemble has no trees");
        }

        foreach (Leaf leaf in leaves)
        {
            if (leaf.Weights.Any(w => w.Target < 0 || w.Target >= targets))
            {
                throw context.Fail(DiagnosticCodes.GraphMalformed, $"a leaf has a weight for target {leaf.Weights.First(w => w.Target < 0 || w.Target >= targets).Target}; there are {targets}");
            }
        }

        int features = context.Shape(0).Rank == 1 ? context.Shape(0)[0] : context.Shape(0)[1];
        if (branches.FirstOrDefault(b => b.Feature < 0 || b.Feature >= features) is { } wrong)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"a branch reads feature {wrong.Feature}; the samples have {features}");
        }

        CheckEnds(context, branches, roots);
        return new Forest(branches, roots, leaves);
    }

    /// <summary>A branch that is reached twice from one root could be reached for ever.</summary>
    private static void CheckEnds(InferContext context, List<Branch> branches, List<int> roots)
    {
        var seen = new bool[branches.Count];
        var open = new Stack<int>();
        foreach (int root in roots)
        {
            open.Push(root);
            while (open.Count > 0)
            {
                int at = open.Pop();
                if (at < 0)
                {
                    continue;
                }

                if (at >= branches.Count || seen[at])
                {
                    throw context.Fail(DiagnosticCodes.GraphMalformed, at >= branches.Count ? $"a branch leads to node {at}, which does not exist" : "a tree is no tree: two branches lead to one node");
                }

                seen[at] = true;
                open.Push(branches[at].True);
                open.Push(branches[at].False);
            }
        }
    }
}

/// <summary>An inner node of a tree.</summary>
/// <param name="Mode">The comparison.</param>
/// <param name="Feature">Column of the sample.</param>
/// <param name="Threshold">What it is compared with.</param>
/// <param name="MissingIsTrue">True if a NaN takes the true side.</param>
/// <param name="Members">The set, for <see cref="BranchMode.Member"/>; else empty.</param>
internal sealed record Branch(BranchMode Mode, int Feature, double Threshold, bool MissingIsTrue, IReadOnlyList<double> Members)
{
    /// <summary>Where the walk goes on if the comparison holds.</summary>
    public int True { get; set; }

    /// <summary>Where the walk goes on if it does not.</summary>
    public int False { get; set; }
}

/// <summary>The end of a walk: what it adds to which targets.</summary>
internal sealed record Leaf(IReadOnlyList<(long Target, double Weight)> Weights);
