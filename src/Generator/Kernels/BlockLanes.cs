using System;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Code for the 16 lanes of a block of channels in registers that may be narrower.</summary>
internal static class BlockLanes
{
    /// <summary>The body for all lanes: once, or in a loop for narrower registers; gets the name of the first lane, empty for 0.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="type">The registers.</param>
    /// <param name="body">Writes it.</param>
    /// <param name="lanes">Lanes that are wanted, from the first on: a multiple of the register's.</param>
    public static void ForBlockLanes(this StepWriter writer, VectorType type, Action<string> body, int lanes = Layout.BlockSize)
    {
        if (type.Lanes == lanes)
        {
            body(string.Empty);
            return;
        }

        using (writer.For("lane", lanes, type.Lanes))
        {
            body("lane");
        }
    }

    /// <summary>Declares a register with a value.</summary>
    /// <returns>Its name.</returns>
    public static string Declare(this StepWriter writer, VectorType type, string name, string value)
    {
        writer.Line($"{type.Type} {name} = {value};");
        return name;
    }

    /// <summary>Declares a register that is loaded.</summary>
    /// <returns>Its name.</returns>
    public static string Load(this StepWriter writer, VectorType type, string name, string address) => writer.Declare(type, name, type.Load(address));

    /// <summary>Declares the pointer to working memory: on the stack of the call, or in the arena, where each lane has its own.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="view">The memory in the arena.</param>
    /// <param name="name">Name of the pointer.</param>
    /// <param name="comment">What it is for.</param>
    /// <param name="laneLength">Elements of a lane; 0 if the lanes have none of their own.</param>
    /// <param name="isLocal">True for the stack.</param>
    public static void LaneMemory(this StepWriter writer, TensorView view, string name, string comment, long laneLength, bool isLocal)
    {
        if (isLocal && laneLength > 0)
        {
            string local = writer.Local($"{name}Memory", laneLength * view.Type.Size(), comment);
            string type = StepWriter.PointerType(view.Type);
            writer.Line($"{type} {writer.Name(name)} = ({type}){local};");
            return;
        }

        string pointer = writer.Pointer(view, name, comment);
        if (writer.IsShared && laneLength > 0)
        {
            writer.Line($"{pointer} += {StepWriter.Begin} * {laneLength};");
        }
    }
}
