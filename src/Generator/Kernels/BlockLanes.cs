using System;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Code for the 16 lanes of a block of channels in registers that may be narrower.</summary>
internal static class BlockLanes
{
    /// <summary>The body for all lanes: once, or in a loop for narrower registers; gets the name of the first lane, empty for 0.</summary>
    public static void ForBlockLanes(this StepWriter writer, VectorType type, Action<string> body)
    {
        if (type.Lanes == Layout.BlockSize)
        {
            body(string.Empty);
            return;
        }

        using (writer.For("lane", Layout.BlockSize, type.Lanes))
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
}
