using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Lowering.Tuning;

namespace AotCompiler.Cli.Tuning;

/// <summary>All layers of a model that have one shape, and so make one choice, with what was measured of each choice.</summary>
internal sealed class TunedLayerGroup
{
    private readonly HashSet<Node> _nodes;
    private readonly bool _byNode;
    private readonly Dictionary<string, double> _times = [];

    private TunedLayerGroup(string layer, IReadOnlyList<string> choices, IEnumerable<Node> nodes, bool byNode)
    {
        Layer = layer;
        Choices = choices;
        _nodes = [.. nodes];
        _byNode = byNode;
        Best = choices[0];
    }

    public string Layer { get; }

    /// <summary>Ways to compute it, the default first.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>The choice to take.</summary>
    public string Best { get; set; }

    /// <summary>Names of the nodes that have the shape.</summary>
    public IReadOnlyList<string> Nodes => _nodes.Select(static n => n.Name).ToArray();

    /// <summary>Fastest time of each choice that was measured, in milliseconds.</summary>
    public IReadOnlyDictionary<string, double> Times => _times;

    /// <summary>The choices between ways to lower a node, whose steps differ from choice to choice.</summary>
    public static IReadOnlyList<TunedLayerGroup> OfDecisions(Schedule schedule) => schedule.Decisions
        .GroupBy(static d => d.Layer)
        .Select(static g => new TunedLayerGroup(g.Key, g.First().Choices, g.Select(static d => d.Node), byNode: true))
        .Where(static g => g.Choices.Count > 1)
        .ToArray();

    /// <summary>The choices within steps.</summary>
    /// <param name="schedule">The lowered model.</param>
    /// <param name="simd">The vectors that are measured.</param>
    /// <param name="most">How many choices of a layer to try.</param>
    public static IReadOnlyList<TunedLayerGroup> OfSteps(Schedule schedule, Simd simd, int most) => schedule.Steps
        .Where(static s => s is ITunable && s.Node is not null)
        .GroupBy(static s => ((ITunable)s).Layer)
        .Select(g => new TunedLayerGroup(g.Key, ((ITunable)g.First()).Choices(simd).Take(most).ToArray(), g.Select(static s => s.Node!), byNode: false))
        .Where(static g => g.Choices.Count > 1)
        .ToArray();

    /// <summary>Time of the group's steps in a build, in milliseconds.</summary>
    public double TimeIn(TunedBuild build) => build.Steps
        .Where(s => _byNode ? s.NodeName is not null && _nodes.Any(n => n.Name == s.NodeName) : s.Layer == Layer)
        .Sum(static s => s.Milliseconds);

    /// <summary>Time of the default choice, in milliseconds, taken in turns with <see cref="BestTime"/>.</summary>
    public double DefaultTime { get; private set; }

    /// <summary>Time of the choice taken, in milliseconds.</summary>
    public double BestTime { get; private set; }

    /// <summary>Decides between the default and the best so far by times that were taken in turns.</summary>
    public void Confirm(double defaultTime, double bestTime, double neededGain)
    {
        bool better = Best != Choices[0] && bestTime < defaultTime * neededGain;
        Best = better ? Best : Choices[0];
        DefaultTime = defaultTime;
        BestTime = better ? bestTime : defaultTime;
    }

    /// <summary>Notes a measurement of a choice.</summary>
    public void Note(string choice, double milliseconds)
    {
        if (!_times.TryGetValue(choice, out double known) || milliseconds < known)
        {
            _times[choice] = milliseconds;
        }
    }
}
